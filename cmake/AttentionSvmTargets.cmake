# What all of our own targets share: warnings, sanitizers, and arithmetic without contraction, so that the
# same source gives the same figures native and in WebAssembly.
add_library(attention_svm_build INTERFACE)
target_compile_options(attention_svm_build INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -ffp-contract=off
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # false alarms of g++ 12 on std::string (its bug 105651)
  $<$<BOOL:${ATTENTION_SVM_WERROR}>:-Werror>)
if(ATTENTION_SVM_SANITIZE)
  target_compile_options(attention_svm_build INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(attention_svm_build INTERFACE -fsanitize=address,undefined)
endif()
if(EMSCRIPTEN)
  # Optimized as a whole the page is a tenth smaller; where code is compiled for speed or for size is kept. The
  # features are those of every browser that has SIMD.
  add_compile_options(-flto -mnontrapping-fptoint -msign-ext)
  add_link_options(-flto)
  # Eigen 3.4's SSE path does not compile under Emscripten 3.1.6; the compiler vectorizes by itself.
  target_compile_options(attention_svm_build INTERFACE -msimd128 -fno-exceptions -fno-threadsafe-statics)
  target_compile_definitions(attention_svm_build INTERFACE EIGEN_DONT_VECTORIZE)
endif()
