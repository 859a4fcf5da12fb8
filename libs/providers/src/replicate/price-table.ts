/** US dollars per second of compute, by hardware. */
export type Hardware = 'cpu' | 'gpu-t4' | 'gpu-l40s' | 'gpu-a100-80gb' | 'gpu-h100' | 'gpu-a40' | 'gpu-a40-large';

export type ModelPrice =
  /** `usd` for each picture; `countField` names the input that multiplies it. */
  | { per: 'image'; usd: number; countField?: string }
  /** `usd` for each second of what comes out; `durationField` names the input that says how long. */
  | { per: 'output_second'; usd: number; durationField: string }
  | { per: 'token'; usdPerMillionIn: number; usdPerMillionOut: number; maxField: string }
  /** Billed by the second of compute. `typicalSeconds` is the model's median, null = not known. */
  | { per: 'compute_second'; hardware: Hardware; typicalSeconds: number | null };

export interface PriceTable {
  /** When the figures were read, for the card. */
  asOf: string;
  hardware: Record<Hardware, number>;
  /** By `owner/name`, lower case. */
  models: Record<string, ModelPrice>;
}

/**
 * List prices as read from the public price page. The API tells no price; prices change: a deployment may hand in its
 * own table, and what is not in it is "unknown", never zero.
 */
export const LIST_PRICES: PriceTable = {
  asOf: '2026-10-07',
  hardware: {
    cpu: 0.0001,
    'gpu-t4': 0.000225,
    'gpu-l40s': 0.000975,
    'gpu-a100-80gb': 0.0014,
    'gpu-h100': 0.001525,
    'gpu-a40': 0.000575,
    'gpu-a40-large': 0.000725,
  },
  models: {
    'black-forest-labs/flux-1.1-pro': { per: 'image', usd: 0.04 },
    'black-forest-labs/flux-dev': { per: 'image', usd: 0.025, countField: 'num_outputs' },
    'black-forest-labs/flux-schnell': { per: 'image', usd: 0.003, countField: 'num_outputs' },
    'ideogram-ai/ideogram-v3-quality': { per: 'image', usd: 0.09 },
    'deepseek-ai/deepseek-r1': { per: 'token', usdPerMillionIn: 3.75, usdPerMillionOut: 10, maxField: 'max_tokens' },
  },
};
