// Linear and logistic regression with a ridge penalty, solved to machine precision: no learning rate, no epochs, one answer.
import { RefusedError } from "../errors.ts";

/** Rows of features, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly width: number;
  readonly values: Float64Array;
}

const mostIterations = 100;

/**
 * Minimises Σ log loss + ½·l2·‖w‖² by Newton steps with halving (the intercept is not penalised), which is what
 * scikit-learn's LogisticRegression(C = 1/l2) minimises. `labels` hold 0 and 1. Returns the weights, the intercept last.
 */
export function fitLogistic(matrix: Matrix, labels: Float64Array, l2: number): Float64Array {
  const size = matrix.width + 1;
  let weights = new Float64Array(size);
  let loss = penalisedLoss(matrix, labels, weights, l2);
  for (let iteration = 0; iteration < mostIterations; iteration += 1) {
    const { gradient, hessian } = differentiate(matrix, labels, weights, l2);
    const step = solveSymmetric(hessian, gradient, size);
    let scale = 1;
    let next = weights;
    let nextLoss = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < 30; halving += 1, scale /= 2) {
      next = weights.map((weight, index) => weight - scale * (step[index] ?? 0));
      nextLoss = penalisedLoss(matrix, labels, next, l2);
      if (nextLoss <= loss) break;
    }
    if (!(nextLoss <= loss)) break;
    const largest = step.reduce((most, value) => Math.max(most, Math.abs(scale * value)), 0);
    weights = next;
    loss = nextLoss;
    if (largest < 1e-10) break;
  }
  return weights;
}

/** Minimises ½·Σ (y − ŷ)² + ½·l2·‖w‖²; the intercept is not penalised. Returns the weights, the intercept last. */
export function fitLeastSquares(matrix: Matrix, targets: Float64Array, l2: number): Float64Array {
  const size = matrix.width + 1;
  const right = new Float64Array(size);
  const left = startHessian(size, l2);
  forEachRow(matrix, (row, index) => {
    const target = targets[index] ?? 0;
    for (let i = 0; i < size; i += 1) right[i]! += target * row[i]!;
    addOuterProduct(left, row, 1, size);
  });
  return solveSymmetric(left, right, size);
}

/** Mean log loss of logistic weights on the rows they were fitted to. */
export function measureLogLoss(matrix: Matrix, labels: Float64Array, weights: Float64Array): number {
  return penalisedLoss(matrix, labels, weights, 0) / matrix.rows;
}

/** Mean squared error of linear weights on the rows they were fitted to. */
export function measureSquaredError(matrix: Matrix, targets: Float64Array, weights: Float64Array): number {
  let sum = 0;
  forEachRow(matrix, (row, index) => {
    sum += ((targets[index] ?? 0) - dot(row, weights)) ** 2;
  });
  return sum / matrix.rows;
}

function differentiate(matrix: Matrix, labels: Float64Array, weights: Float64Array, l2: number) {
  const size = weights.length;
  const gradient = weights.map((weight, index) => (index < size - 1 ? l2 * weight : 0));
  const hessian = startHessian(size, l2);
  forEachRow(matrix, (row, index) => {
    const probability = 1 / (1 + Math.exp(-dot(row, weights)));
    const error = probability - (labels[index] ?? 0);
    for (let i = 0; i < size; i += 1) gradient[i]! += error * row[i]!;
    addOuterProduct(hessian, row, probability * (1 - probability), size);
  });
  return { gradient, hessian };
}

function penalisedLoss(matrix: Matrix, labels: Float64Array, weights: Float64Array, l2: number): number {
  let loss = 0;
  forEachRow(matrix, (row, index) => {
    const score = dot(row, weights);
    // log(1 + e^s) − y·s, without overflow
    loss += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - (labels[index] ?? 0) * score;
  });
  for (let i = 0; i < weights.length - 1; i += 1) loss += 0.5 * l2 * weights[i]! ** 2;
  return loss;
}

/** Calls with each row and a 1 for the intercept after it; the buffer is reused. */
function forEachRow({ rows, width, values }: Matrix, visit: (row: Float64Array, index: number) => void): void {
  const row = new Float64Array(width + 1);
  row[width] = 1;
  for (let index = 0; index < rows; index += 1) {
    row.set(values.subarray(index * width, (index + 1) * width));
    visit(row, index);
  }
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i += 1) sum += left[i]! * right[i]!;
  return sum;
}

/** A trace on the diagonal keeps collinear columns (one-hot beside an intercept) solvable without a penalty. */
function startHessian(size: number, l2: number): Float64Array {
  const hessian = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) hessian[i * size + i] = 1e-9 + (i < size - 1 ? l2 : 0);
  return hessian;
}

function addOuterProduct(target: Float64Array, row: Float64Array, weight: number, size: number): void {
  for (let i = 0; i < size; i += 1) {
    const scaled = weight * row[i]!;
    if (scaled !== 0) for (let j = 0; j <= i; j += 1) target[i * size + j]! += scaled * row[j]!;
  }
}

/** Solves A·x = b by Cholesky; only A's lower triangle is read. Throws RefusedError when A is not positive definite. */
function solveSymmetric(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k += 1) sum -= lower[i * size + k]! * lower[j * size + k]!;
      if (i === j && !(sum > 0)) {
        throw new RefusedError({
          message: "the features do not determine the weights",
          key: "l2",
          hint: "give `params: { l2: 1 }`, or leave out columns that repeat others",
        });
      }
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / lower[j * size + j]!;
    }
  }
  const solution = Float64Array.from(right);
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < i; k += 1) solution[i]! -= lower[i * size + k]! * solution[k]!;
    solution[i]! /= lower[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) solution[i]! -= lower[k * size + i]! * solution[k]!;
    solution[i]! /= lower[i * size + i]!;
  }
  return solution;
}
