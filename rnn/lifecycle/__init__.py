"""Champion and challenger: gate, drift, outcomes, replay, serving."""
