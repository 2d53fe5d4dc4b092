"""The gallery of a store: the front page, and the comparison of several runs.

Every page is one HTML file that needs no server, no network and no other library (docs/browsing.md says why).
"""
