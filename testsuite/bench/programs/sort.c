// Integer: quicksort by median of three with insertion sort for short ranges, then a heap sort of the same data;
// branches that nobody can predict.
#include "bench.h"

enum { ITEMS = 4096, SHORT = 16 };

static uint32_t items[ITEMS];

static inline void swap(uint32_t *a, uint32_t *b) {
    uint32_t t = *a;
    *a = *b;
    *b = t;
}

static void insertion_sort(uint32_t *first, int count) {
    for (int i = 1; i < count; i++) {
        uint32_t value = first[i];
        int k = i;
        for (; k > 0 && first[k - 1] > value; k--) {
            first[k] = first[k - 1];
        }
        first[k] = value;
    }
}

static void quick_sort(uint32_t *first, int count) {
    while (count > SHORT) {
        uint32_t *middle = first + count / 2, *last = first + count - 1;
        if (*middle < *first) {
            swap(middle, first);
        }
        if (*last < *first) {
            swap(last, first);
        }
        if (*last < *middle) {
            swap(last, middle);
        }
        uint32_t pivot = *middle;
        int i = 0, k = count - 1;
        while (i <= k) {
            while (first[i] < pivot) {
                i++;
            }
            while (first[k] > pivot) {
                k--;
            }
            if (i <= k) {
                swap(&first[i++], &first[k--]);
            }
        }
        // Recurse into the left part, go on with the right one.
        quick_sort(first, k + 1);
        first += i;
        count -= i;
    }
    insertion_sort(first, count);
}

static void sift_down(uint32_t *heap, int root, int count) {
    for (int child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && heap[child + 1] > heap[child]) {
            child++;
        }
        if (heap[root] >= heap[child]) {
            return;
        }
        swap(&heap[root], &heap[child]);
        root = child;
    }
}

static void heap_sort(uint32_t *heap, int count) {
    for (int root = count / 2 - 1; root >= 0; root--) {
        sift_down(heap, root, count);
    }
    for (int last = count - 1; last > 0; last--) {
        swap(&heap[0], &heap[last]);
        sift_down(heap, 0, last);
    }
}

uint32_t run(uint32_t n) {
    uint32_t random = n + 19, sum = 0;
    for (uint32_t k = 0; k < n; k++) {
        for (int i = 0; i < ITEMS; i++) {
            items[i] = next_random(&random);
        }
        if (k % 2 == 0) {
            quick_sort(items, ITEMS);
        } else {
            heap_sort(items, ITEMS);
        }
        for (int i = 0; i < ITEMS; i += 61) {
            sum = fold(sum, items[i]);
        }
    }
    return sum;
}
