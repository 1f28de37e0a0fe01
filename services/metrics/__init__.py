"""Metrics reads only: figures, the matters behind them, progress and the board, computed from received facts."""
