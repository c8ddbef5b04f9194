"""Where things stand in a workspace, relative to its folder."""

SETTINGS_FILE = "kpitui.toml"
EVENTS_FILE = "events.csv"
KPIS_FOLDER = "kpis"
REVIEWS_FOLDER = "reviews"
MANUAL_FOLDER = "measurements/manual"
THEMES_FOLDER = "themes"
