"""The design system: base pages, tokens, components, problem pages.  It knows no business words.

Public modules: `parts` (what a page hands to a component), `render` (problem pages and error handlers),
`shell` (the frame around a page), `middleware`, `views`, `urls`, and the template library `{% load web %}`.
"""
