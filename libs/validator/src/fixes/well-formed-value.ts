import type { Json } from '@countersign/core';
import { isWellFormed } from '../form/well-formed';

const MAX_DEPTH = 32; // levels; no model takes deeper input
const MAX_NODES = 20_000; // values in one field

/** Why a value cannot be sent at all, or null. Walks without recursion, so that no depth can exhaust the stack. */
export function unsendable(value: Json): string | null {
  const open: { value: Json; depth: number }[] = [{ value, depth: 0 }];
  for (let seen = 0; open.length > 0; seen += 1) {
    const node = open.pop() as { value: Json; depth: number };
    if (seen > MAX_NODES) return `holds more than ${MAX_NODES} values`;
    if (node.depth > MAX_DEPTH) return `nests deeper than ${MAX_DEPTH} levels`;
    if (typeof node.value === 'string' && !isWellFormed(node.value)) return 'holds half of a surrogate pair: it is not valid text';
    if (typeof node.value === 'number' && !Number.isFinite(node.value)) return 'holds a number that is not finite';
    if (node.value === null || typeof node.value !== 'object') continue;
    if (Array.isArray(node.value) && node.value.length > MAX_NODES) return `holds more than ${MAX_NODES} values`;
    for (const [key, child] of Object.entries(node.value)) {
      if (key === '__proto__' || !isWellFormed(key)) return 'holds an impossible name';
      open.push({ value: child as Json, depth: node.depth + 1 });
    }
  }
  return null;
}
