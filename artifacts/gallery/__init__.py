"""Pages to look at runs: the gallery of a store, each run's own page, its anatomy, and the comparison of several.

Every page is one HTML file that needs no server, no network and no other library (docs/browsing.md says why).
"""
