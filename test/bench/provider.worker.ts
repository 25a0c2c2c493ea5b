import { createServer } from 'node:http';

// A Graph API that takes every message, and a Secrets Manager with one secret, in a process of their own.
const SECRET = process.argv[2] ?? '';
let taken = 0;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    taken += 1;
    const isSecret = request.headers['x-amz-target'] !== undefined;
    const answer = isSecret ? { SecretString: SECRET } : { messages: [{ id: `wamid.sent.${taken}` }] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
});
// It ends with the run, also when that is interrupted.
process.once('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
