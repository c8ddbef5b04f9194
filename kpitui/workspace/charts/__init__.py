"""What a KPI's charts show, decided before anything is drawn: plain frozen values.

`views` says which ways of looking there are, `pictures` what each of them holds, `happenings` what is marked on the
time axis, `reading` what the period under the cursor says.
"""
