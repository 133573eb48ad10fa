"""The nouns of lrplan: ids, addresses, albums, assets, snapshot, state, fingerprints, order keys. Pure."""
