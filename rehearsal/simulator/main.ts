import { rmSync } from 'node:fs';
import type { FromSimulator, ToSimulator } from './messages.ts';
import { Simulator } from './simulator.ts';

/**
 * The process that holds everything simulated, started by a rehearsal with the run's folder as its argument. It ends what
 * it started when the channel to the rehearsal closes (however that ended), unless it was told to keep.
 */
const [folder] = process.argv.slice(2);
if (!folder || !process.send) {
  console.error('this process is started by `plinth rehearse`');
  process.exit(2);
}

const send = (message: FromSimulator) => process.connected && process.send?.(message);
const simulator = new Simulator((progress) => send({ progress }));
let kept = false;
let ending = false;

async function end(code: number): Promise<never> {
  if (!ending) {
    ending = true;
    await simulator.stop().catch((error) => console.error(error));
    // The rehearsal is gone and cannot tidy up after itself.
    if (!process.connected && !kept) rmSync(folder!, { recursive: true, force: true, maxRetries: 3 });
  }
  process.exit(code);
}

process.on('message', async (message: ToSimulator) => {
  try {
    if (message.request === 'stop') {
      await simulator.stop();
      send({ id: message.id, output: null });
      process.exit(0);
    }
    if (message.request === 'keep') kept = true;
    const output = await simulator.handle(message);
    send({ id: message.id, output });
  } catch (error) {
    console.error(error);
    send({ id: message.id, error: (error as Error).message });
  }
});
process.on('disconnect', () => {
  if (!kept) void end(0);
});
// Ctrl-C in a terminal is the rehearsal's to handle; `plinth stop` and a machine going down send SIGTERM.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => void end(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  send({ ended: `the simulator failed: ${error.message}` });
  void end(1);
});
