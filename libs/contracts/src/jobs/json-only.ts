/** What may travel in a job: ids and scalars. A `Date`, an entity or a body in a payload class does not compile. */
export type Scalar = string | number | boolean | null;
export type ScalarFields<T> = { [K in keyof T]: T[K] extends Scalar ? T[K] : never };
