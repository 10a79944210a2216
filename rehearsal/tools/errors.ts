/** A tool that cannot be had. The message is one sentence; `remedy` says what the user can do. */
export class ToolError extends Error {
  readonly tool: string;
  readonly remedy: string;
  constructor(tool: string, problem: string, remedy: string) {
    super(`${tool}: ${problem}; ${remedy}`);
    this.name = 'ToolError';
    this.tool = tool;
    this.remedy = remedy;
  }
}
