"""From a title to the printed page: the words, the drawing behind them, the typesetting."""
