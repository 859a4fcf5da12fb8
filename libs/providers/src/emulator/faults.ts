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

/** Troubles of a bad day: each request and call-back is hit or spared by the dice. Scripted faults come first. */
export interface BadWeather {
  /** 0 ≤ x < 1; a seeded one makes the same dice fall again. */
  random(): number;
  /** The first whose dice fall is taken. `share`: 0..1. */
  answers: { on: readonly FaultPoint[]; share: number; action: FaultAction }[];
  /** `late`: held back for `ms`. */
  callbacks: ({ share: number } & ({ do: WebhookFault['do'] } | { do: 'late'; ms: number }))[];
}

export type CallbackFault = { do: WebhookFault['do'] } | { do: 'late'; ms: number };

const MAX_FAULTS = 1_000; // a script gone wild

/** Troubles waiting to happen: each request takes the oldest one that fits. */
export class Faults {
  private faults: (Fault & { left: number })[] = [];
  private webhooks: (WebhookFault & { left: number })[] = [];
  private weather: BadWeather | null = null;
  /** Requests and call-backs that the weather hit. */
  weatherHits = { answers: 0, callbacks: 0 };

  /** Until `clear`. */
  setWeather(weather: BadWeather): void {
    this.weather = weather;
  }

  add(...faults: Fault[]): void {
    this.faults = [...this.faults, ...faults.map((fault) => ({ ...fault, left: fault.times ?? 1 }))].slice(-MAX_FAULTS);
  }

  addWebhook(...faults: WebhookFault[]): void {
    this.webhooks = [...this.webhooks, ...faults.map((fault) => ({ ...fault, left: fault.times ?? 1 }))].slice(-MAX_FAULTS);
  }

  clear(): void {
    this.faults = [];
    this.webhooks = [];
    this.weather = null;
  }

  take(point: FaultPoint): FaultAction | null {
    const fault = this.faults.find((each) => each.on === point && each.left > 0);
    if (!fault) {
      const hit = this.weather?.answers.find(({ on, share }) => on.includes(point) && this.falls(share));
      if (hit) this.weatherHits.answers += 1;
      return hit?.action ?? null;
    }
    fault.left -= 1;
    return fault.action;
  }

  takeWebhook(event: WebhookFault['event']): CallbackFault | null {
    const fault = this.webhooks.find((each) => each.event === event && each.left > 0);
    if (!fault) {
      const hit = this.weather?.callbacks.find(({ share }) => this.falls(share));
      if (hit) this.weatherHits.callbacks += 1;
      return hit ?? null;
    }
    fault.left -= 1;
    return { do: fault.do };
  }

  private falls(share: number): boolean {
    return this.weather !== null && this.weather.random() < share;
  }
}
