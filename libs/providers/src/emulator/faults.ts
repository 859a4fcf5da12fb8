import type { Json } from '@countersign/core';

export const FAULT_POINTS = ['create', 'prediction', 'list', 'cancel', 'model', 'files', 'delivery'] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

export type FaultAction =
  /** The connection dies before anything was done. */
  | { do: 'drop_before' }
  /** Everything is done, then the connection dies instead of the answer. */
  | { do: 'drop_after' }
  /** Everything is done, then half of the answer's body comes and the connection dies. */
  | { do: 'break_off' }
  /** The answer comes `ms` late. */
  | { do: 'delay'; ms: number }
  /** Nothing is done; this is answered. See ERROR_BODIES. */
  | { do: 'answer'; status: number; body?: Json; headers?: Record<string, string> };

export interface Fault {
  on: FaultPoint;
  action: FaultAction;
  /** How many requests it hits; 1 unless told. */
  times?: number;
}

export interface WebhookFault {
  event: 'start' | 'output' | 'logs' | 'completed';
  /** `after_next`: held back until the next event of the same prediction has been delivered. */
  do: 'withhold' | 'duplicate' | 'after_next';
  times?: number;
}

const MAX_FAULTS = 1_000; // a script gone wild

/** Troubles waiting to happen: each request takes the oldest one that fits. */
export class Faults {
  private faults: (Fault & { left: number })[] = [];
  private webhooks: (WebhookFault & { left: number })[] = [];

  add(...faults: Fault[]): void {
    this.faults = [...this.faults, ...faults.map((fault) => ({ ...fault, left: fault.times ?? 1 }))].slice(-MAX_FAULTS);
  }

  addWebhook(...faults: WebhookFault[]): void {
    this.webhooks = [...this.webhooks, ...faults.map((fault) => ({ ...fault, left: fault.times ?? 1 }))].slice(-MAX_FAULTS);
  }

  clear(): void {
    this.faults = [];
    this.webhooks = [];
  }

  take(point: FaultPoint): FaultAction | null {
    const fault = this.faults.find((each) => each.on === point && each.left > 0);
    if (!fault) return null;
    fault.left -= 1;
    return fault.action;
  }

  takeWebhook(event: WebhookFault['event']): WebhookFault['do'] | null {
    const fault = this.webhooks.find((each) => each.event === event && each.left > 0);
    if (!fault) return null;
    fault.left -= 1;
    return fault.do;
  }
}
