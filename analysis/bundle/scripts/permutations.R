# Sourced by analysis.R: counts the permutation p values anew, from the permutations of permutations.csv.
#
# The statistic is the absolute Welch t of participants' mean scores, less what reader and side add to them by least squares; see
# program/permutation.py. A permutation counts from a relative 1e-9 below what was observed: sums differ in their last digits.

TIE <- 1 - 1e-9
ALIASED <- 1e-9

adjusted_means <- function(muscle) {  # by participant: first within participants, then between, where none links two readers
  x <- grades[grades$muscle == muscle, ]
  x$person <- factor(x$participant, levels = sort(unique(x$participant), method = "radix"))
  mean_of <- function(v) as.numeric(tapply(v, x$person, mean))
  terms <- nuisance(x)
  added <- if (length(terms)) model.matrix(formula_of(terms), x)[, -1, drop = FALSE] else matrix(0, nrow(x), 0)
  means <- mean_of(x$score)
  if (ncol(added)) {
    composition <- matrix(apply(added, 2, mean_of), ncol = ncol(added))
    about <- apply(added, 2, function(v) v - ave(v, x$person))
    root <- eigen(crossprod(about), symmetric = TRUE)
    known <- root$values > ALIASED * max(root$values[1], 1)
    basis <- root$vectors[, known, drop = FALSE]
    effects <- basis %*% (crossprod(basis, crossprod(about, x$score)) / root$values[known])
    means <- means - as.numeric(composition %*% effects)
    unlinked <- composition %*% root$vectors[, !known, drop = FALSE]
    if (ncol(unlinked)) {
      about <- sweep(unlinked, 2, colMeans(unlinked))
      means <- mean(means) + qr.resid(qr(about, tol = ALIASED), means - mean(means))
    }
  }
  setNames(means, levels(x$person))
}
scaled <- function(means) {  # about their mean, the largest distance being 1
  about <- means - mean(means, na.rm = TRUE)
  unit <- max(abs(about), na.rm = TRUE)
  if (unit <= 1e-12 * max(abs(means), na.rm = TRUE)) 0 * about else about / unit
}
absolute_t <- function(y, labels) {  # of each column of labels (participants in rows, 1 for one group)
  is_there <- !is.na(y)
  y[!is_there] <- 0
  of <- function(L) {
    n <- colSums(L * is_there); total <- colSums(L * y); squares <- colSums(L * y^2)
    mean <- total / pmax(n, 1)
    spread <- squares - n * mean^2
    list(n = n, mean = mean, error = ifelse(spread < 1e-12, 0, spread) / pmax(n * (n - 1), 1))
  }
  inside <- of(labels); outside <- of(1 - labels)
  apart <- abs(inside$mean - outside$mean)
  ifelse(inside$n < 2 | outside$n < 2 | apart < 1e-12, 0, apart / sqrt(inside$error + outside$error))
}
permuted_p <- function() {  # raw and max-T p values by muscle
  said <- table_of("permutations.csv")
  labels <- matrix(as.integer(unlist(strsplit(said$labels, ""))), ncol = nrow(said))
  family <- expected$muscle[!is.na(expected$p_permutation)]
  groups <- grades$group[match(said$participant, grades$participant)]
  sizes <- table(groups)
  is_smaller <- groups == if (sizes[[2]] <= sizes[[1]]) asked$compared else asked$reference
  stopifnot(setequal(said$participant, grades$participant), rowSums(labels) == sum(is_smaller))
  means <- sapply(family, function(muscle) scaled(adjusted_means(muscle)[said$participant]))
  permuted <- apply(means, 2, absolute_t, labels = t(labels))
  observed <- apply(means, 2, absolute_t, labels = matrix(is_smaller + 0)) * TIE
  greatest <- apply(permuted, 1, max)
  p <- function(count) (1 + count) / (nrow(labels) + 1)
  list(raw = setNames(sapply(seq_along(family), function(m) p(sum(permuted[, m] >= observed[m]))), family),
       max_t = setNames(sapply(observed, function(t) p(sum(greatest >= t))), family))
}
permutations_differ <- function() {  # prints what differs, and returns how many p values do
  found <- permuted_p()
  wrong <- 0
  for (muscle in names(found$raw)) {
    row <- expected[expected$muscle == muscle, ]
    off <- c(if (differs("p", found$raw[[muscle]], row$p_permutation)) "p_permutation",
             if (differs("p", found$max_t[[muscle]], row$p_permutation_max_t)) "p_permutation_max_t")
    if (length(off)) cat("DIFFERS:", muscle, paste(off, collapse = ", "), "\n")
    wrong <- wrong + length(off)
  }
  cat(sprintf("\npermutations.csv: %d muscles, %s\n", length(found$raw), if (wrong) "not as in result.csv" else "p as in result.csv"))
  wrong
}
