import { Registry, collectDefaultMetrics } from 'prom-client';

export { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface MetricsOptions {
  service: string;
  /** Node's own figures (event loop lag, memory, garbage collection). */
  process?: boolean;
}

/** One registry per process, every series labelled with the service. Make metrics with `registers: [registry]`. */
export function createMetrics({ service, process = true }: MetricsOptions): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (process) collectDefaultMetrics({ register: registry });
  return registry;
}
