// What figures, plotly.js and our modules hand each other. tsc reads it; a browser never does.

/** A trace, layout or frame as Plotly defines it; only what we read ourselves is named. */
export interface Trace {
  type?: string;
  x?: any;
  y?: any;
  z?: any;
  [key: string]: any;
}

export interface Layout {
  width?: number;
  height?: number;
  margin?: Margin;
  font?: { family?: string; size?: number };
  title?: Title;
  annotations?: Annotation[];
  meta?: Meta;
  [key: string]: any;
}

export interface Frame {
  data: Trace[];
  traces: number[];
  layout?: Layout;
}

/** A plain Plotly figure. */
export interface Figure {
  data: Trace[];
  layout: Layout;
  frames?: Frame[];
}

/** What a figure's layout says to the stage. */
export interface Meta {
  /** how many leading traces stay as they are */
  still?: number;
  bar?: Bar;
  heads?: Head[];
  pick?: Pick;
  /** layout that replaces its like on a narrow screen */
  narrow?: Partial<Layout>;
  /** the text alternative */
  alt?: string;
  /** which width the text was fitted to without a stage: "screen" or "slide" */
  style?: string;
}

/** A time bar, which moves the heads, or a sweep bar, which shows the frames; `rate` is in values a second. */
export interface Bar {
  kind: "time" | "sweep";
  label: string;
  values: (number | string)[];
  /** the step to stand at; the last one, where it is not said */
  at?: number;
  rate: number;
}

/** At step k, trace `trace` shows point k of trace `of`; `three`, in three dimensions. */
export interface Head {
  trace: number;
  of: number;
  three?: boolean;
}

/** The axes in which a point can be picked, the point as it stands, and how far an arrow key takes it. */
export interface Pick {
  xaxis: string;
  yaxis: string;
  at?: [number, number];
  by?: [number, number];
}

export interface Margin {
  l?: number;
  r?: number;
  t?: number;
  b?: number;
  [key: string]: any;
}

export interface Title {
  text?: string;
  font?: { size?: number };
  pad?: { t?: number };
  [key: string]: any;
}

export interface Annotation {
  text: string;
  name?: string;
  x?: any;
  y?: any;
  [key: string]: any;
}

/** The colours a figure is written in (the light theme), each with the one that stands for it in the theme in force. */
export type Colours = Record<string, string>;

export interface Point {
  x: number;
  y: number;
}

/** The element of a plot. What begins with an underscore, and `calcdata`, is Plotly's own and may change with its version. */
export interface PlotElement extends HTMLDivElement {
  data: Trace[];
  layout: Layout;
  calcdata: any[];
  _fullData?: Trace[];
  _fullLayout?: any;
  on(event: string, listener: () => void): void;
}

/** What is used of plotly.js. */
export interface Plotly {
  react(plot: HTMLElement, data: Trace[], layout: Layout, config?: object): Promise<unknown>;
  newPlot(plot: HTMLElement, data: Trace[], layout: Layout, config?: object): Promise<unknown>;
  animate(plot: HTMLElement, frame: Partial<Frame>, options: object): Promise<unknown>;
  restyle(plot: HTMLElement, change: object, traces: number[]): Promise<unknown>;
  purge(plot: HTMLElement): void;
  toImage: Draw;
}

export type Draw = (figure: any, options: any) => Promise<string>;

declare global {
  interface Window {
    Plotly: Plotly;
  }
  interface Uint8ArrayConstructor {
    /** not in every browser yet */
    fromBase64?(text: string): Uint8Array<ArrayBuffer>;
  }
}
