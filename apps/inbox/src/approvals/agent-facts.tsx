import type { Json } from '@countersign/core';
import { objectOf } from '../form/fields';
import { VisibleText, VisibleValue } from '../text/visible-text';
import { Fact, Raw } from './fact';

/** Jobs at the provider that may be the lost call. */
export function JobsInQuestion({ ids }: { ids: Json[] }) {
  if (ids.length === 0) return null;
  return <Fact title="Jobs that may be it"><ul>{ids.map((id, index) => <li key={index}><code><VisibleText text={String(id)} /></code></li>)}</ul></Fact>;
}

/** What a browser agent sees: plain values in lines, whatever is nested as it is. */
export function AgentPlace({ place }: { place: Json }) {
  const entries = Object.entries(objectOf(place));
  if (entries.length === 0 || entries.some(([, value]) => typeof value === 'object' && value !== null)) return <Raw title="Where the agent stands" value={place} isOpen />;
  return (
    <Fact title="Where the agent stands">
      <dl className="agent-place">{entries.map(([name, value]) => <div key={name}><dt><VisibleText text={name} /></dt><dd><VisibleValue value={value} /></dd></div>)}</dl>
    </Fact>
  );
}
