import type { OutputPartView } from '@countersign/contracts';
import type { Json, JsonObject } from '@countersign/core';
import { listOf, objectOf, textOf } from '../form/fields';
import { size } from '../text/wording';
import { VisibleText } from '../text/visible-text';
import { ownAddress } from './media-kind';
import { Preview } from './preview';

/** The parts of a result as they stand in an approval's context or in a run's state. */
export function partsOf(output: Json | undefined): OutputPartView[] {
  return listOf(objectOf(output).parts).map((part) => objectOf(part) as JsonObject & OutputPartView);
}

export function OutputParts({ parts, onStale }: { parts: readonly OutputPartView[]; onStale?: () => void }) {
  if (parts.length === 0) return <p className="nothing">No output.</p>;
  return (
    <ol className="output-parts">
      {parts.map((part, index) => (
        <li key={part.pointer + index} className="output-part" data-testid="output-part">
          <OutputPart part={part} number={index + 1} {...(onStale && { onStale })} />
        </li>
      ))}
    </ol>
  );
}

function OutputPart({ part, number, onStale }: { part: OutputPartView; number: number; onStale?: () => void }) {
  if (part.kind === 'file') {
    const name = part.name || `output-${number}${extension(part.mime)}`;
    return (
      <>
        {part.url && <Preview url={part.url} mime={part.mime ?? null} label={`Output ${number}: ${name}`} {...(onStale && { onStale })} />}
        <div className="part-facts">
          <span className="part-name"><VisibleText text={name} /></span>
          <span>{[part.mime, part.bytes !== undefined && size(part.bytes)].filter(Boolean).join(' · ')}</span>
          {part.sha256 && <code title={`SHA-256 ${part.sha256}`}>{part.sha256.slice(0, 12)}</code>}
          {part.url && <a className="button small" href={ownAddress(part.url, location.origin)} download={name}>Download</a>}
        </div>
      </>
    );
  }
  const text = part.kind === 'text' ? textOf(part.text) : JSON.stringify(part.value, null, 2);
  const mime = part.kind === 'text' ? 'text/plain' : 'application/json';
  return (
    <>
      <pre className="text-file" tabIndex={0}><VisibleText text={text} /></pre>
      <div className="part-facts">
        <span>{part.kind === 'text' ? `${text.length.toLocaleString('en')} characters` : 'JSON'}</span>
        <a className="button small" href={`data:${mime};charset=utf-8,${encodeURIComponent(text)}`} download={`output-${number}${extension(mime)}`}>Download</a>
      </div>
    </>
  );
}

function extension(mime: string | undefined): string {
  const type = /^[a-z]+\/(?:x-)?([a-z0-9]+)/.exec(mime ?? '')?.[1];
  if (!type) return '';
  return type === 'plain' ? '.txt' : `.${type === 'jpeg' ? 'jpg' : type}`;
}
