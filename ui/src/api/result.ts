// SPDX-License-Identifier: MIT
import type { FetchResult, FieldError } from './http';

/** What a query fails with; the message is fit to be shown. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly httpStatus: number | null;
  /** What is wrong with the fields that were sent. */
  readonly fields: readonly FieldError[];

  constructor(
    message: string,
    httpStatus: number | null,
    fields: readonly FieldError[] = [],
  ) {
    super(message);
    this.httpStatus = httpStatus;
    this.fields = fields;
  }
}

/** TanStack Query knows failure as a rejected promise; everyone else looks at the result. */
export function unwrap<T>(result: FetchResult<T>): T {
  switch (result.status) {
    case 'success':
      return result.data;
    case 'aborted':
      throw new ApiError('The request was cancelled.', null);
    case 'error':
      throw new ApiError(result.message, result.httpStatus, result.fields);
  }
}
