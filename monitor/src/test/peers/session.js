// A session of the npm package qemu-qmp: session.js SOCKET PICTURE, with the package on NODE_PATH.
'use strict';

const QMP = require('qemu-qmp');

const [socket, picture] = process.argv.slice(2);
const qmp = new QMP();
const limit = setTimeout(() => fail(new Error('nothing within 60 s')), 60000);

function fail(error) {
  console.error(error.message);
  process.exit(1);
}

function execute(name, parameters) {
  return new Promise((resolve, reject) => {
    qmp.execute(name, parameters || null, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

function event(name) {
  return new Promise((resolve) => qmp.once(name, resolve));
}

async function session() {
  console.log('version', qmp.version.qemu.major, qmp.version.qemu.minor);
  const stopped = event('stop');
  await execute('stop');
  console.log('event', await stopped);
  const resumed = event('resume');
  await execute('cont');
  console.log('event', await resumed);
  console.log('status', (await execute('query-status')).status);
  await execute('no-such-command').catch((error) => console.log('refused', error.message));
  await execute('send-key', { keys: [{ type: 'qcode', data: 'h' }] });
  await execute('screendump', { filename: picture, format: 'png' });
  const ended = event('shutdown');
  await execute('quit');
  console.log('event', await ended);
  clearTimeout(limit);
  qmp.end();
}

qmp.connect(socket, (error) => (error ? fail(error) : session().catch(fail)));
