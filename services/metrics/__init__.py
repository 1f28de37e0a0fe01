"""Metrics reads only: figures, the matters behind them, how far a matter is, the board, all from what was heard."""
