// SPDX-License-Identifier: MIT
import { Component, type ReactNode } from 'react';

type ErrorBoundaryProps = {
  children: ReactNode;
  /** In place of the children after one of them threw; `retry` draws them afresh. */
  fallback: (retry: () => void) => ReactNode;
  /** Another value draws the children afresh as well: the address, for example. */
  resetKey?: string;
};

type ErrorBoundaryState = { hasFailed: boolean };

/**
 * Keeps what surrounds it alive when something inside throws while it is drawn. React itself tells
 * the console what was caught and where. React knows boundaries only as classes.
 */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override readonly state: ErrorBoundaryState = { hasFailed: false };

  static getDerivedStateFromError(): ErrorBoundaryState {
    return { hasFailed: true };
  }

  override componentDidUpdate(before: ErrorBoundaryProps, stateBefore: ErrorBoundaryState): void {
    // A change that is itself what makes the children throw must not be answered by another try.
    const hadFailed = this.state.hasFailed && stateBefore.hasFailed;
    if (hadFailed && before.resetKey !== this.props.resetKey) this.#retry();
  }

  readonly #retry = (): void => this.setState({ hasFailed: false });

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback(this.#retry) : this.props.children;
  }
}
