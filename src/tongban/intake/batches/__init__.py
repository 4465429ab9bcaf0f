"""Many applications at once (批量申请): a sheet of rows, each of which becomes an application of its own or says why not."""
