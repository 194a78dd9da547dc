// What the pictures of values have in common: colours of the page, and the line of a rule.
import type uPlot from 'uplot';

/** A colour of the page, for a canvas. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const axis = (): uPlot.Axis => ({
  stroke: colour('--quiet'),
  grid: { stroke: colour('--edge'), width: 1 },
  ticks: { show: false },
});

/** The line is drawn across the whole picture, whatever data there is. */
export function drawLine({ ctx, bbox, valToPos }: uPlot, threshold: number): void {
  const y = Math.round(valToPos(threshold, 'y', true));
  ctx.save();
  ctx.strokeStyle = colour('--line');
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
