/** What the worker threads can do: input and result per task. Bytes are copied over, never shared. */
export interface LocalTasks {
  /** RGB, 8 bits each, row by row; comes back exactly twice as wide and high. */
  upscale: { input: RawPicture; result: RawPicture };
  /** `stretch` 2 = half as fast. */
  speak: { input: { text: string; voice: string; stretch: number }; result: { wav: Uint8Array } };
  /** RGB, 8 bits each, 224 × 224, row by row. */
  nsfw: { input: { pixels: Uint8Array }; result: PictureScores };
  /** `layout`: a page segmentation mode of Tesseract. `confidence` 0..100. */
  read: { input: { png: Uint8Array; layout: string }; result: { text: string; confidence: number } };
}

/** A probability for each class; they add up to one. */
export interface PictureScores {
  drawing: number;
  hentai: number;
  neutral: number;
  porn: number;
  sexy: number;
}

export interface RawPicture {
  pixels: Uint8Array;
  width: number;
  height: number;
}

export type LocalTask = { [Name in keyof LocalTasks]: { task: Name; input: LocalTasks[Name]['input'] } }[keyof LocalTasks];
export type ResultOf<Task extends LocalTask> = LocalTasks[Task['task']]['result'];

export type WorkerMessage =
  | { kind: 'progress'; percent: number }
  | { kind: 'done'; result: ResultOf<LocalTask> }
  | { kind: 'failed'; message: string };
