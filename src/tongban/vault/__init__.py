"""Keys, signatures, encryption at rest and stored files of a site.

Public modules: `sm2`, `sm3`, `sm4` (primitives), `keys` (institution keys, sign and check), `seal` (sealed tokens,
keyed digests), `fields` (encrypted model fields), `data_keys` (their keys and rotation), `blobs` (files),
`sealed_files` (secrets in files), `condition` (what is wrong with the keys of this site).
"""
