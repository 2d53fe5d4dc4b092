"""Methods of other libraries to compare with: statsforecast's classics, LightGBM on lags, and means of several."""
