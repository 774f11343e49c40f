"""Where the cells of a trial come from: six verbs, whatever stands behind them."""
