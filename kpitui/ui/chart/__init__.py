"""Pictures in cells: `draw` lays panels out, `panel` draws one, `lines` is the only place that knows plotext."""
