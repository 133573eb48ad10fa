// Stands in for the name server and TLS: what goes to the service goes to the sandbox, nothing else is changed.
const http = require('http'), https = require('https'), { syncBuiltinESMExports } = require('module')
https.request = (options, callback) =>
	http.request({ ...options, protocol: 'http:', host: '127.0.0.1', port: process.env.SANDBOX_PORT }, callback)
syncBuiltinESMExports()
