"""What a series is rid of before anything is fitted: outliers and shifts of its level."""
