import { App } from 'cdktf';
import { loadEnvironment } from '../environments/index.ts';
import { buildStacks } from './build.ts';

/** Synthesizes one environment: `ENVIRONMENT=prod cdktf deploy 'prod-*'`. */
try {
  const environment = await loadEnvironment(process.env.ENVIRONMENT ?? 'dev');
  const app = new App();
  buildStacks(app, environment);
  app.synth();
} catch (error) {
  // What is wrong is in the message; a stack trace would bury it.
  console.error(process.env.DEBUG ? error : (error as Error).message);
  process.exitCode = 1;
}
