/**
 * Progress of named steps on standard error: a line when a step begins to say something new, its time when it ends, and
 * never more than two seconds of silence in between.
 */
const TICK_MS = 1900;

export interface Steps {
  readonly done: { name: string; seconds: number }[];
  /** Runs one step; `say` tells what it is doing now. The step's time is kept also when it fails. */
  run<T>(name: string, work: (say: (what: string) => void) => Promise<T>): Promise<T>;
  note(text: string): void;
}

const elapsed = (since: number): number => Math.round((Date.now() - since) / 100) / 10;

export function createSteps(write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): Steps {
  const done: Steps['done'] = [];
  const label = (name: string) => name.padEnd(20);
  return {
    done,
    note: (text) => write(`${label('')}${text}`),
    async run(name, work) {
      const started = Date.now();
      let spoken = Date.now();
      let now = '';
      const say = (what: string) => {
        // A step may report hundreds of times a second; a reader wants the latest, about twice a second.
        const changed = what !== now;
        now = what;
        if (changed && Date.now() - spoken > 500) {
          spoken = Date.now();
          write(`${label(name)}${what}`);
        }
      };
      write(`${label(name)}...`);
      const tick = setInterval(() => {
        if (Date.now() - spoken < TICK_MS) return;
        spoken = Date.now();
        write(`${label(name)}${now || 'working'} (${Math.round(elapsed(started))} s)`);
      }, 200);
      try {
        return await work(say);
      } finally {
        clearInterval(tick);
        const seconds = elapsed(started);
        done.push({ name, seconds });
        write(`${label(name)}${seconds.toFixed(1)} s`);
      }
    },
  };
}
