import type { Logger } from '@countersign/service-kit';

/** The process's logger, as something that can be injected. */
export class GatewayLog {
  constructor(readonly logger: Logger) {}
}
