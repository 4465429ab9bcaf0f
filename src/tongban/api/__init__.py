"""The machine door: what other sites call.  `urls` mounts it under `/api/`; its OpenAPI is `/api/openapi.json`."""
