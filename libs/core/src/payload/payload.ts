import type { JsonObject } from '../json';
import { canonicalJson } from './canonical-json';

/** Exactly what a provider would be asked to run. Nothing else goes to the provider. */
export interface Payload {
  provider: string;
  model: string;
  version: string;
  input: JsonObject;
}

/** SHA-256 of UTF-8 text as lower-case hex. Injected, so that the core stays free of platform code. */
export type Sha256 = (text: string) => string;

/** The consent hash: SHA-256 of the canonical JSON of `{provider, model, version, input}`, `payload_hash` on the wire. */
export function payloadHash(payload: Payload, sha256: Sha256): string {
  const { provider, model, version, input } = payload;
  return sha256(canonicalJson({ provider, model, version, input }));
}
