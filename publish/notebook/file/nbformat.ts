/** The part of the notebook format 4.5 (nbformat) that is read and written here. */
export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: Cell[];
}

export type Cell = CodeCell | MarkdownCell | RawCell;

interface CellFields {
  id: string;
  metadata: CellMetadata;
  /** Always one string in memory; the file holds a list of lines. */
  source: string;
}

export interface CellMetadata {
  tags?: string[];
  [key: string]: unknown;
}

export interface CodeCell extends CellFields {
  cell_type: "code";
  execution_count: number | null;
  outputs: Output[];
}

export interface MarkdownCell extends CellFields {
  cell_type: "markdown";
  attachments?: Record<string, MimeBundle>;
}

export interface RawCell extends CellFields {
  cell_type: "raw";
}

export type Output = StreamOutput | DisplayOutput | ErrorOutput;

export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: string;
}

/** Text types are one string in memory; `+json` types are JSON values; images are base64. */
export type MimeBundle = Record<string, unknown>;

export interface DisplayOutput {
  output_type: "display_data" | "execute_result";
  data: MimeBundle;
  metadata: Record<string, unknown>;
  execution_count?: number | null;
}

export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

/** MIME type of a plotly figure: `{data, layout}` as JSON. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/** MIME type of a value that a notebook hands back: `{name, value}` as JSON. */
export const RECORD_MIME = "application/vnd.reckon.record+json";

export function hasTag(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}
