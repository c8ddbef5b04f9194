"""What was said and agreed: reviews and their records, one file per review, written so that no word is lost.

Reading: `read` turns a file's text into records and problems, `fold` all records into the present state.
Writing: `emit` writes one record as TOML, `splice` puts it into a text and leaves every other byte alone,
`store` does both on disk under a lock, `merge` joins what two people wrote.
"""
