# cmake -D FOLDER=… -D OUTPUT=… -P embed.cmake: writes the page's files as string literals into a C++ file.
set(scripts core lines marks gantt table page)

file(READ ${FOLDER}/page.html template)
file(READ ${FOLDER}/page.css style)
set(script "")
foreach(part ${scripts})
  file(READ ${FOLDER}/${part}.js text)
  string(APPEND script "${text}\n")
endforeach()

file(WRITE ${OUTPUT}.new "// Written by analysis/report/page/embed.cmake.
#include \"analysis/report/page_source.hpp\"

namespace peloton {

const std::string_view kPageTemplate = R\"page_file(${template})page_file\";
const std::string_view kPageStyle = R\"page_file(${style})page_file\";
const std::string_view kPageScript = R\"page_file(${script})page_file\";

}  // namespace peloton
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
