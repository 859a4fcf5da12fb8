import { useRef, useState } from 'react';
import type { CountersignError } from '@countersign/client';
import { Preview } from '../media/preview';
import { useSession } from '../session/session';
import { shortDataUrl } from '../text/visible-text';
import type { ControlProps } from './controls';

const ACCEPT: Record<string, string> = { image: 'image/*', audio: 'audio/*', video: 'video/*' };

/** A file: by address, or uploaded to our own store, which gives an address. */
export function FileControl({ field, value, id, isLocked, isWrong, describedBy, onChange }: ControlProps) {
  const { client } = useSession();
  const picker = useRef<HTMLInputElement>(null);
  const [upload, setUpload] = useState<{ name: string } | { problem: string } | null>(null);
  const url = typeof value === 'string' ? value : '';
  const isInline = url.startsWith('data:');

  const send = async (file: File): Promise<void> => {
    setUpload({ name: file.name });
    try {
      onChange((await client.upload(file, file.name)).url);
      setUpload(null);
    } catch (error) {
      setUpload({ problem: (error as CountersignError).message });
    }
  };

  return (
    <div className="file-control" onDragOver={(event) => event.preventDefault()} onDrop={(event) => {
      const [file] = event.dataTransfer.files;
      event.preventDefault();
      if (file && !isLocked) void send(file);
    }}>
      <div className="file-line">
        <input
          id={id} data-testid={`field-${field.name}`} type="text" dir="ltr" inputMode="url" spellCheck={false} autoComplete="off" disabled={isLocked}
          aria-invalid={isWrong || undefined} aria-describedby={describedBy} aria-required={field.required || undefined}
          placeholder="https://… or upload" value={isInline ? shortDataUrl(url) : url} readOnly={isInline}
          onChange={(event) => onChange(event.target.value.trim() === '' ? undefined : event.target.value)}
        />
        {isInline && !isLocked && <button type="button" className="button small" onClick={() => onChange(undefined)}>Remove</button>}
        {!isLocked && <button type="button" className="button small" data-testid={`upload-${field.name}`} onClick={() => picker.current?.click()}>Upload</button>}
        <input
          ref={picker} type="file" hidden tabIndex={-1} data-testid={`file-${field.name}`} accept={ACCEPT[field.media ?? '']} aria-label={`${field.label}, upload`}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file) void send(file);
            event.target.value = '';
          }}
        />
      </div>
      <div aria-live="polite">
        {upload && 'name' in upload && <p className="field-limits">Uploading {upload.name} …</p>}
        {upload && 'problem' in upload && <p className="field-error">The upload failed: {upload.problem}</p>}
      </div>
      {url && /^(https?:|data:|\/)/i.test(url) && <Preview url={url} hint={field.media} label={field.label} />}
    </div>
  );
}
