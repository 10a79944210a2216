import { containerOf, synthWorkload } from './fixture.ts';
import type { Probes } from './options.ts';
import { Probe } from './probe.ts';

const timing = { period_seconds: 5, timeout_seconds: 2 };

test('a workload is asked on its port whether it is ready and alive', () => {
  expect(containerOf({ port: 3000 })).toMatchObject({
    readiness_probe: { http_get: { path: '/readyz', port: '3000' }, ...timing, failure_threshold: 3 },
    liveness_probe: { http_get: { path: '/healthz', port: '3000' }, ...timing, failure_threshold: 6 },
  });
  expect(containerOf()).not.toHaveProperty('startup_probe');
});

test('each kind of probe is said by its shape or by name', () => {
  const probes: Probes = {
    readiness: Probe.fromTcpSocket(9000, { periodSeconds: 30 }),
    liveness: { command: ['alive'], initialDelaySeconds: 3 },
    startup: Probe.fromHttpGet('/up', { port: 8081, failureThreshold: 60 }),
  };
  expect(containerOf({ probes })).toMatchObject({
    readiness_probe: { tcp_socket: [{ port: '9000' }], ...timing, period_seconds: 30, failure_threshold: 3 },
    liveness_probe: { exec: { command: ['alive'] }, ...timing, initial_delay_seconds: 3, failure_threshold: 6 },
    startup_probe: { http_get: { path: '/up', port: '8081' }, ...timing, failure_threshold: 60 },
  });
  expect(Probe.fromCommand(['alive'], { initialDelaySeconds: 3 })).toEqual(probes.liveness);
});

test('what listens to nobody is asked nothing, unless it is said how', () => {
  const silent = containerOf({ port: 'none' });
  expect([silent.readiness_probe, silent.liveness_probe]).toEqual([undefined, undefined]);
  const asked = containerOf({ port: 'none', probes: { liveness: { command: ['alive'] } } });
  expect(asked.liveness_probe).toMatchObject({ exec: { command: ['alive'] } });
});

test('a probe can be left out', () => {
  expect(containerOf({ probes: { liveness: 'none' } })).not.toHaveProperty('liveness_probe');
});

test.each([
  [{ readiness: { path: 'readyz' } }, 'probes.readiness.path must be a path that starts with /, got "readyz"'],
  [{ readiness: { path: '/', periodSeconds: 0 } }, 'probes.readiness.periodSeconds must be 1-300, got 0'],
  [{ liveness: { path: '/', failureThreshold: 61 } }, 'probes.liveness.failureThreshold must be 1-60, got 61'],
  [{ liveness: { command: [] } }, 'probes.liveness.command must have at least 1 entries, got 0'],
  [{ startup: { tcpPort: 0 } }, 'probes.startup.tcpPort must be 1-65535, got 0'],
] satisfies [Probes, string][])('%j is refused', (probes, message) => {
  expect(() => synthWorkload({ probes })).toThrow(new Error(`prod/Api: ${message}`));
});

test('a path cannot be asked where no port is', () => {
  expect(() => synthWorkload({ port: 'none', probes: { readiness: { path: '/' } } })).toThrow(
    new Error('prod/Api: probes.readiness.port is needed by a workload without a port of its own'),
  );
});
