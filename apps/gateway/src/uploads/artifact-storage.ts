import { ArtifactFiles, FileError, type StoredFile } from '@countersign/core';
import type { Request } from 'express';
import { ProblemError } from '../http/answers/problem';

/** What an upload looks like once it is kept. */
export interface KeptUpload {
  originalname: string;
  stored: StoredFile;
}

type Done = (error: unknown, info?: Partial<KeptUpload>) => void;

/** Where multer puts files: straight into the artifact store, never whole into memory. */
export class ArtifactStorage {
  constructor(private readonly files: ArtifactFiles, private readonly maxBytes: number) {}

  _handleFile(request: Request, { stream }: { stream: AsyncIterable<Uint8Array> & { destroy(error?: Error): void } }, done: Done): void {
    request.once('aborted', () => stream.destroy(new Error('the sender went away')));
    this.files.put(stream, { maxBytes: this.maxBytes }).then((stored) => done(null, { stored }), (error: unknown) => {
      const isTooLarge = error instanceof FileError && error.code === 'file_too_large';
      done(isTooLarge ? new ProblemError('BODY_TOO_LARGE', `an upload may have ${this.maxBytes} bytes`) : error);
    });
  }

  /** The same bytes may belong to somebody else's file too, so nothing is taken away. */
  _removeFile(_request: Request, _file: unknown, done: (error: null) => void): void {
    done(null);
  }
}
