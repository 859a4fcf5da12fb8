import { visibleRuns } from './visible-characters';

/** Text from outside, as text: never markup, its direction kept to itself, what hides made visible. */
export function VisibleText({ text }: { text: string }) {
  return (
    <bdi>
      {visibleRuns(text).map((run, index) =>
        run.hidden ? (
          <span key={index} className="hidden-character" role="img" aria-label={`hidden: ${run.name}`} title={`${run.code} ${run.name}`}>
            {run.code}
          </span>
        ) : (
          run.text
        ),
      )}
    </bdi>
  );
}

/** A value of any kind in a line or a block, with what hides made visible. */
export function VisibleValue({ value }: { value: unknown }) {
  if (value === undefined || value === null || value === '') return <span className="nothing">{value === '' ? 'empty' : 'nothing'}</span>;
  if (typeof value === 'string') return <VisibleText text={value.startsWith('data:') ? shortDataUrl(value) : value} />;
  return <VisibleText text={JSON.stringify(value)} />;
}

/** Marks what nobody here has checked. */
export function Claimed() {
  return <span className="claimed" title="The requester wrote this. Nobody here has checked that it is true.">claimed by the requester</span>;
}

export function shortDataUrl(url: string): string {
  const comma = url.indexOf(',');
  return `${url.slice(0, comma < 0 ? 40 : comma)}, … (${url.length.toLocaleString('en')} characters)`;
}
