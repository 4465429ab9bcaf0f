"""Institutions, districts, windows, service roll-out, dated parameters and the working-day calendar.

Public modules: `lookup` (reads), `reference` (what every site starts with), `bundles` (the province's signed
directory), `notices` (working-day calendar), `figures` (dated parameters and the roll-out of services).
"""
