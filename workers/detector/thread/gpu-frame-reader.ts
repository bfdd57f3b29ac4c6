import { backend } from '@tensorflow/tfjs-core';
import type { Pixels } from '../../../src/detect/colour-histogram.ts';
import { placeFrame, type Size } from '../../../src/detect/input-size.ts';
import type { ModelInput } from '../../../src/detect/manifest.ts';
import type { DecodedImage } from '../../../src/media/decoded-image.ts';
import type { FrameReader } from './frame-reader.ts';

/** Frames in flight: one computes while the next is read. */
const BUFFERS = 3;
const GROUP = 8;

/**
 * One pixel of the input a thread: its place in the upright frame, turned back to the frame as it was decoded, is
 * averaged over a grid of taps (a box filter, so that shrinking does not alias), then normalised.
 */
const shader = (texture: string): string => /* wgsl */ `
struct Params {
  size: vec2f,        // input, pixels
  scale: vec2f,       // input pixels to ratios of the displayed frame
  turn: vec4f,        // displayed ratios to ratios of the decoded frame: column-major 2 x 2
  offset: vec2f,
  taps: f32,
  margin: f32,
  mean: vec4f,        // red, green, blue
  deviation: vec4f,
  order: vec4f,       // place of red, green, blue in the output
};
@group(0) @binding(0) var frame: ${texture};
@group(0) @binding(1) var smooth_sampler: sampler;
@group(0) @binding(2) var<uniform> params: Params;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(${GROUP}, ${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (any(vec2f(id.xy) >= params.size)) { return; }
  let turn = mat2x2f(params.turn.xy, params.turn.zw);
  let middle = (vec2f(id.xy) + 0.5) * params.scale;
  var color = vec3f(params.margin);
  if (all(middle < vec2f(1))) {
    color = vec3f(0);
    for (var y = 0.0; y < params.taps; y += 1) {
      for (var x = 0.0; x < params.taps; x += 1) {
        let tap = (vec2f(id.xy) + (vec2f(x, y) + 0.5) / params.taps) * params.scale;
        color += textureSampleBaseClampToEdge(frame, smooth_sampler, turn * tap + params.offset).rgb;
      }
    }
    color *= 255 / (params.taps * params.taps);
  }
  let value = (color - params.mean.rgb) / params.deviation.rgb;
  let at = 3 * (id.y * u32(params.size.x) + id.x);
  output[at + u32(params.order.x)] = value.r;
  output[at + u32(params.order.y)] = value.g;
  output[at + u32(params.order.z)] = value.b;
}`;

/** Displayed ratios to decoded ratios for each clockwise turn: the matrix's columns, then the offset. */
const TURNS = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, -1, 1, 0, 0, 1],
  180: [-1, 0, 0, -1, 1, 1],
  270: [0, 1, -1, 0, 1, 0],
} as const;

/** Ratios of the frame as displayed to those of it as decoded: mirrored back first, then turned back. */
function displayedToDecoded({
  rotation,
  isMirrored,
}: DecodedImage): readonly [number, number, number, number, number, number] {
  const [a, b, c, d, x, y] = TURNS[rotation];
  return isMirrored ? [-a, -b, c, d, x + a, y + b] : TURNS[rotation];
}

/**
 * How a frame gets to the GPU: `external`, the decoder's own memory as a texture, without a copy; `copied`, into a
 * texture, where the browser or the driver refuses the first.
 */
export type GpuFrameSource = 'external' | 'copied';

/**
 * Reads frames on the GPU that tfjs computes on: the frame becomes a texture, a shader writes the buffer that is the
 * network's input. No pixel passes through memory on the way.
 */
export function createGpuFrameReader(
  input: ModelInput,
  size: Size,
  source: GpuFrameSource,
): FrameReader<GPUBuffer> {
  const device = tfjsDevice();
  const code = shader(source === 'external' ? 'texture_external' : 'texture_2d<f32>');
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  });
  const sampler = device.createSampler({ magFilter: 'linear', minFilter: 'linear' });
  const params = device.createBuffer({
    size: 4 * 24,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const bytes = 4 * 3 * size.width * size.height;
  /** Buffers that bring the values back to memory, where people's colours are looked at. */
  const spare: GPUBuffer[] = [];
  const buffers = Array.from({ length: BUFFERS }, () =>
    device.createBuffer({
      size: bytes,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    }),
  );
  const toTexture =
    source === 'external'
      ? (frame: VideoFrame) => device.importExternalTexture({ source: frame })
      : frameCopier(device);
  let turn = 0;

  return {
    async take(image) {
      const placement = placeFrame(input.fit, size, image);
      const values = buffers[turn++ % BUFFERS]!;
      const resources = [toTexture(image.frame), sampler, { buffer: params }, { buffer: values }];
      device.queue.writeBuffer(params, 0, shaderParams(input, size, image, placement));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        device.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: resources.map((resource, binding) => ({ binding, resource })),
        }),
      );
      pass.dispatchWorkgroups(Math.ceil(size.width / GROUP), Math.ceil(size.height / GROUP));
      pass.end();
      // Submitted before the frame is closed by the caller: the texture lives no longer than the frame.
      device.queue.submit([encoder.finish()]);
      // To be called before a later frame is written over this one.
      const pixels = async (): Promise<Pixels> => {
        const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
        const copy = spare.pop() ?? device.createBuffer({ size: bytes, usage });
        const copying = device.createCommandEncoder();
        copying.copyBufferToBuffer(values, 0, copy, 0, bytes);
        device.queue.submit([copying.finish()]);
        await copy.mapAsync(GPUMapMode.READ);
        const picture = toPixels(new Float32Array(copy.getMappedRange()), input, size);
        copy.unmap();
        spare.push(copy);
        return picture;
      };
      return {
        placement,
        read: () => ({ values, unchanged: false, pixels }),
        drop() {},
      };
    },
  };
}

/**
 * Tries a source on this device.
 * @returns why it does not work; undefined when it does
 */
export async function whyNotGpu(
  input: ModelInput,
  source: GpuFrameSource,
): Promise<string | undefined> {
  const device = tfjsDevice();
  const size = { width: 2, height: 2 };
  const frame = new VideoFrame(new Uint8Array(6), {
    format: 'I420',
    codedWidth: size.width,
    codedHeight: size.height,
    timestamp: 0,
  });
  // What a GPU refuses, it tells later: no exception alone proves nothing.
  device.pushErrorScope('validation');
  let refused: string | undefined;
  try {
    await createGpuFrameReader(input, size, source).take({
      frame,
      rotation: 0,
      isMirrored: false,
      ...size,
    });
  } catch (error) {
    refused = String(error);
  } finally {
    frame.close();
  }
  const invalid = await device.popErrorScope();
  return refused ?? invalid?.message;
}

function tfjsDevice(): GPUDevice {
  return (backend() as unknown as { device: GPUDevice }).device;
}

/** By way of a canvas: Firefox and software adapters take no `VideoFrame` itself. */
function frameCopier(device: GPUDevice): (frame: VideoFrame) => GPUTextureView {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { alpha: false });
  let texture: GPUTexture | undefined;
  return (frame) => {
    const { displayWidth: width, displayHeight: height } = frame;
    if (texture?.width !== width || texture.height !== height) {
      [canvas.width, canvas.height] = [width, height];
      texture?.destroy();
      texture = device.createTexture({
        size: [width, height],
        format: 'rgba8unorm',
        usage:
          GPUTextureUsage.TEXTURE_BINDING |
          GPUTextureUsage.COPY_DST |
          GPUTextureUsage.RENDER_ATTACHMENT,
      });
    }
    if (!context) throw new Error('The browser gives no 2D canvas.');
    // What is transparent shows black, not the frame before.
    context.globalCompositeOperation = 'copy';
    context.drawImage(frame, 0, 0, width, height);
    device.queue.copyExternalImageToTexture({ source: canvas }, { texture }, [width, height]);
    return texture.createView();
  };
}

/** Undoes the normalisation. */
function toPixels(
  values: Float32Array,
  { channels, mean, std }: ModelInput,
  { width, height }: Size,
): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  const [red, blue]: readonly [number, number] = channels === 'rgb' ? [0, 2] : [2, 0];
  for (let from = 0, to = 0; from < values.length; from += 3, to += 4) {
    data[to] = values[from + red]! * std[red]! + mean[red]!;
    data[to + 1] = values[from + 1]! * std[1] + mean[1];
    data[to + 2] = values[from + blue]! * std[blue]! + mean[blue]!;
  }
  return { data, width, height };
}

function shaderParams(
  { channels, mean, std, margin = 0 }: ModelInput,
  size: Size,
  image: DecodedImage,
  placement: { scaleX: number; scaleY: number },
): Float32Array<ArrayBuffer> {
  const [a, b, c, d, x, y] = displayedToDecoded(image);
  // More than four taps a side gain nothing that a network sees.
  const taps = Math.min(4, Math.max(1, Math.round(1 / placement.scaleX)));
  const [red, blue]: readonly [number, number] = channels === 'rgb' ? [0, 2] : [2, 0];
  return Float32Array.of(
    size.width,
    size.height,
    1 / (image.width * placement.scaleX),
    1 / (image.height * placement.scaleY),
    a,
    b,
    c,
    d,
    x,
    y,
    taps,
    margin,
    ...[mean[red]!, mean[1], mean[blue]!, 0],
    ...[std[red]!, std[1], std[blue]!, 1],
    ...[red, 1, blue, 0],
  );
}
