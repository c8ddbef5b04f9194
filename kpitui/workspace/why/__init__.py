"""Why a figure moved, where it is going, what leads to it: asked by screens and commands, and loaded when asked."""
