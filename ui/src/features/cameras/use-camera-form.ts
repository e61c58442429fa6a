// SPDX-License-Identifier: MIT
import { useState } from 'react';
import { useForm } from 'react-hook-form';

import { ApiError } from '../../api/result';
import { asSentence } from '../../lib/sentence';
import type { CameraForm } from './camera-fields';
import { cameraResolver, placeError, type CameraFormValues } from './camera-form';

type UseCameraForm = {
  form: CameraForm;
  /** What is wrong and belongs to no field. */
  problem: string | null;
  clearProblem: () => void;
  /** Shows why a request failed: at its fields, else as the problem. What was typed stays. */
  showFailure: (error: unknown) => void;
};

export function useCameraForm(initial: CameraFormValues, needsUrl = true): UseCameraForm {
  const form = useForm<CameraFormValues>({
    defaultValues: initial,
    resolver: cameraResolver(needsUrl),
    mode: 'onTouched',
  });
  const [problem, setProblem] = useState<string | null>(null);

  const showFailure = (error: unknown): void => {
    const { message, httpStatus, fields } =
      error instanceof ApiError ? error : new ApiError(String(error), null);
    const placed = fields.map(placeError);
    // The only conflict that a camera can have.
    if (placed.length === 0 && httpStatus === 409) {
      placed.push({ place: 'name', sentence: asSentence(message) });
    }
    const unplaced = placed.filter(({ place }) => place === null).map(({ sentence }) => sentence);
    if (placed.length === 0) unplaced.push(asSentence(message));
    setProblem(unplaced.length === 0 ? null : unplaced.join(' '));
    let shouldFocus = true;
    for (const { place, sentence } of placed) {
      if (place === null) continue;
      form.setError(place, { type: 'recorder', message: sentence }, { shouldFocus });
      shouldFocus = false;
    }
  };
  return { form, problem, clearProblem: () => setProblem(null), showFailure };
}
