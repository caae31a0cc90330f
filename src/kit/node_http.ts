// node:http without the rest of the house. An `import` of it reads every name it exports, and some of them load all of
// undici: 7 MiB and a fifth of the time to start, for a server that never uses them.

export const { createServer, STATUS_CODES } = process.getBuiltinModule("node:http");
