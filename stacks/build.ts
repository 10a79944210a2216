import type { App } from 'cdktf';
import type { Environment } from '../environments/index.ts';
import { Apps } from './apps.ts';
import { Eventing } from './eventing.ts';
import { Foundation } from './foundation.ts';
import { Platform } from './platform.ts';

/** The layers of an environment, each after the one it stands on. */
export function buildStacks(app: App, environment: Environment) {
  const foundation = environment.google ? new Foundation(app, environment) : undefined;
  const platform = new Platform(app, environment);
  if (foundation) platform.addDependency(foundation);
  const eventing = new Eventing(app, environment);
  eventing.addDependency(platform);
  const apps = new Apps(app, environment);
  apps.addDependency(eventing);
  return { foundation, platform, eventing, apps };
}
